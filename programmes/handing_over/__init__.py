"""What somebody who leaves the service has open in groups, and who goes on with it. Leaving one team is in `team`."""
