"""kubectl's and curl's face: the text that the real tools print, from the simulator's state. One module per command."""
