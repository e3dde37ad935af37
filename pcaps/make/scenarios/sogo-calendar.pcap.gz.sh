# SOGo: the same.
calendars=http://dav.example:20000/SOGo/dav/ann/Calendar
calendar=$calendars/personal/
. scenarios/groupware.inc
sogo_server
capture

look_around
use_calendar
be_refused ${calendars%ann/Calendar}bob/Calendar/ $calendars/outbox/
