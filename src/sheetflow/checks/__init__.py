"""From a submission to findings: lists of pure functions of one signature."""
