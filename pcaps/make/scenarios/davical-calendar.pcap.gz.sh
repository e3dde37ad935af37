# DAViCal: a calendar in use, and what it refuses.
calendars=http://dav.example:8120/caldav.php/ann
calendar=$calendars/work/
. scenarios/groupware.inc
davical_server
capture

look_around
use_calendar
be_refused ${calendars%ann}bob/ $calendars/.out/
