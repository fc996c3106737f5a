"""Durable jobs on PostgreSQL, which events and schedules are too: the face of this package."""

from backline.platform.jobs.context import JobContext as JobContext
from backline.platform.jobs.models import JobRow as JobRow
from backline.platform.jobs.models import JobStatus as JobStatus
from backline.platform.jobs.models import Nothing as Nothing
from backline.platform.jobs.models import Progress as Progress
from backline.platform.jobs.models import State as State
from backline.platform.jobs.models import Subject as Subject
from backline.platform.jobs.models import status_of as status_of
from backline.platform.jobs.outcomes import GiveUp as GiveUp
from backline.platform.jobs.outcomes import LeaseLost as LeaseLost
from backline.platform.jobs.queue import cancel as cancel
from backline.platform.jobs.queue import emit as emit
from backline.platform.jobs.queue import enqueue as enqueue
from backline.platform.jobs.queue import enqueue_many as enqueue_many
from backline.platform.jobs.queue import get as get
from backline.platform.jobs.queue import page as page
from backline.platform.jobs.queue import requeue as requeue
from backline.platform.jobs.registry import Job as Job
from backline.platform.jobs.registry import Registry as Registry
from backline.platform.jobs.registry import Schedule as Schedule
from backline.platform.jobs.registry import Subscription as Subscription
from backline.platform.jobs.registry import assemble as assemble
from backline.platform.jobs.registry import register as register
from backline.platform.jobs.registry import registered as registered
from backline.platform.jobs.worker import Worker as Worker
