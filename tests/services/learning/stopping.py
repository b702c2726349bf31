"""A person who stops a job."""

from __future__ import annotations

from xray_studio.core.job import Job


def stopped_at(job: Job[object], message: str) -> None:
    """Run a job until it tells a message that begins so, and stop it there; else to its end."""
    for progress in job:
        if progress.message.startswith(message):
            job.close()
            return
