"""What is kept for how long, destruction on time, and backups. Stands on the chart, whose records it may destroy."""
