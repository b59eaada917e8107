"""What a learner sees, as data: jinja2 templates and a few layouts make a `Reply`; nothing here knows Discord."""
