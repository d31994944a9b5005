"""The register: ticks, who came unannounced, and the call that two absences in a row raise."""
