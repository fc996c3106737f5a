"""What the commands do, a module each, loaded only when the command is given."""
