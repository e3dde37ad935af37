# vdirsyncer pairs a Radicale calendar with a folder: discovery, first sync, changes on both sides.
. scenarios/calendar.inc
radicale_server
make_calendar
capture

mkdir -p "$work/vdir/local"
cat >"$work/vdir/config" <<CONF
[general]
status_path = "$work/vdir/status"
[pair work]
a = "local"
b = "remote"
collections = ["work"]
conflict_resolution = "b wins"
[storage local]
type = "filesystem"
path = "$work/vdir/local"
fileext = ".ics"
[storage remote]
type = "caldav"
url = "http://dav.example:5232/"
username = "demo"
password = "demo"
CONF
vdirsyncer()
{
    on_client env HOME="$work" vdirsyncer -c "$work/vdir/config" "$@" </dev/null >>"$work/client.log" 2>&1
}
mkdir -p "$work/vdir/local/work"
vdirsyncer discover || true
vdirsyncer sync
sed -i 's/Dentist/Dentist at ten/' "$work"/vdir/local/work/*.ics
put_event retro 'Retrospective'
dav DELETE ${calendar}review.ics -u demo:demo
vdirsyncer sync
