# The server's own storage goes away under it. Apache: a mounted share is unmounted between two listings, and
# a folder renamed on the disk. Radicale: somebody removes the files of a calendar on the server.
. scenarios/calendar.inc
mkdir -p "$www/team" "$www/projects"
mount -t tmpfs none "$www/team"
for n in $(seq 30); do echo text >"$www/team/minutes-$n.txt"; done
echo text >"$www/projects/plan.txt"
apache
radicale_server
make_calendar
for n in $(seq 24); do put_event "event-$n" "Event $n"; done
capture

list() { propfind http://dav.example/$1/ 1 '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getetag/><resourcetype/></prop></propfind>' -A 'FileView/1.4'; }
list team
list projects
sync ''
umount "$www/team"
mv "$www/projects" "$www/projects-2026"
find "$work/radicale" -name 'event-*.ics' -delete
list team
list projects
sync "$token"
