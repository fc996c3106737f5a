"""What the processes do, a module each. They are given the program, and name no domain."""
