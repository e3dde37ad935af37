# python-caldav finds the calendars of sabre/dav, searches one, saves an event and removes another. PHP compresses: gzip until the connection ends.
calendar=http://dav.example:8084/calendars/demo/work/
. scenarios/calendar.inc
sabre_server -d zlib.output_compression=On
make_calendar
capture

cat >"$work/client.py" <<'PYTHON'
import datetime
import caldav

client = caldav.DAVClient("http://dav.example:8084/", username="demo", password="demo")
principal = client.principal()
for calendar in principal.calendars():
    print(calendar.url)
calendar = client.calendar(url="http://dav.example:8084/calendars/demo/work/")
found = calendar.date_search(datetime.datetime(2026, 11, 1), datetime.datetime(2026, 12, 1))
print(len(found), "found")
calendar.save_event(open("/proc/self/fd/0").read())
print(len(calendar.events()), "events")
found[0].delete()
try:
    found[0].load()
except caldav.error.NotFoundError as error:
    print("gone")
PYTHON
printf 'BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Example//Calendar 1//EN\nBEGIN:VEVENT\nUID:lunch@example\nDTSTAMP:20261122T080000Z\nDTSTART:20261125T110000Z\nDTEND:20261125T120000Z\nSUMMARY:Lunch\nEND:VEVENT\nEND:VCALENDAR\n' |
    on_client /usr/bin/python3 "$work/client.py" >"$work/client.log" 2>&1 || tail -3 "$work/client.log" >&2
