"""What changes a Space: its settings, its files, and the way back. `main` moves here and nowhere else."""
