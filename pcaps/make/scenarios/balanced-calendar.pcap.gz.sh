# Two Radicale servers behind haproxy, which have only the user's name in common. A calendar client
# stores events and synchronises: half of what it does goes to the other server.
calendar=http://dav.example:8086/demo/work/
. scenarios/calendar.inc
radicale_server 5232
radicale_server 5242
for calendar in http://dav.example:5232/demo/work/ http://dav.example:5242/demo/work/; do
    make_calendar
done
calendar=http://dav.example:8086/demo/work/
balancer 5232 5242
capture

list() { propfind $calendar 1 '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><getetag/><resourcetype/></prop></propfind>' -u demo:demo -A "$agent"; }
# One goes here, the next one there: the order is what makes it hard to see from the client.
sync ''
first=$token
sync "$first"
put_event retro 'Retrospective'
list
sync "$first"
sync "$first"
put_event party 'Party'
sync "$first"
list
