"""填报任务 as a folder: its conventions, and each verb from end to end."""
