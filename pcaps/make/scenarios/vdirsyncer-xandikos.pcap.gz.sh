# vdirsyncer pairs a Xandikos calendar with a folder: discovery, first sync, changes on both sides, nothing new.
calendar=http://dav.example:8090/demo/calendars/calendar/
. scenarios/calendar.inc
xandikos_server
put_event standup 'Stand-up'
put_event dentist 'Dentist'
mkdir -p "$work/vdir/local/calendar"
cat >"$work/vdir/config" <<CONF
[general]
status_path = "$work/vdir/status"
[pair work]
a = "local"
b = "remote"
collections = ["calendar"]
[storage local]
type = "filesystem"
path = "$work/vdir/local"
fileext = ".ics"
[storage remote]
type = "caldav"
url = "http://dav.example:8090/"
username = "demo"
password = "demo"
CONF
vdirsyncer()
{
    on_client env HOME="$work" vdirsyncer -c "$work/vdir/config" "$@" </dev/null >>"$work/client.log" 2>&1
}
capture
vdirsyncer discover
vdirsyncer sync
sed -i 's/Dentist/Dentist at ten/' "$work"/vdir/local/calendar/*.ics
put_event retro 'Retrospective'
dav DELETE ${calendar}standup.ics -u demo:demo
vdirsyncer sync
vdirsyncer sync
