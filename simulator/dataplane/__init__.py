"""What happens to packets and requests: Service proxying, Ingress, Gateway API, NetworkPolicy. One module each."""
