"""Words that may stand in a report: chosen by one person, signed off by a second, taken out when consent is."""
