"""What is to be done before, during and after a programme, and how far a group is. Apps register their lines."""
