#!/usr/bin/env python3
"""Django's command line for this project."""

import sys

from ppg import environment

if __name__ == "__main__":
    environment.start()
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
