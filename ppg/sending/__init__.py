"""E-mails and texts on their way out, whoever sends them. E-mails about accounts: `ppg.accounts.mail`."""
