# sync-collection: the first one, a delta with a change, one with a deletion, one without news, a stale
# token. Radicale answers a DELETE with 200 and a multistatus.
. scenarios/calendar.inc
radicale_server
make_calendar
capture

sync ''
put_event standup 'Stand-up at nine'
put_event retro 'Retrospective'
sync "$token"
dav DELETE ${calendar}dentist.ics -u demo:demo -A "$agent"
sync "$token"
sync "$token"
sync http://radicale.org/ns/sync/0000000000000000000000000000000000000000000000000000000000000000
