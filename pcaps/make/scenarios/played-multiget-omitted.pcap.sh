# calendar-multiget as sabre/dav 2 and later answer it: what is not there is left out. One of the hrefs
# comes back in another spelling, one was not asked for; then an answer to nothing but missing ones.
. scenarios/played.inc
calendar=$url/calendars/ann/work/
. scenarios/calendar.inc
{
    found /calendars/ann/work/standup.ics
    found /calendars/ann/work/a%40b.ics
    found /calendars/ann/work/unasked.ics
} | reply_207
reply_207 </dev/null
played_server
capture

multiget standup.ics gone.ics a@b.ics also-gone.ics
multiget gone.ics also-gone.ics
