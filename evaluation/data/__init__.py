"""Figures as anonymous data: tables with their codebook, as a workbook and as CSV."""
