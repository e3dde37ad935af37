# sync-collection: the first one, a delta with a change, one with a deletion, one without news, a stale
# token. Radicale answers a DELETE with 200 and a multistatus.
. scenarios/calendar.inc
radicale_server
make_calendar
capture

answer=$work/answer
sync() # TOKEN; sets $token to the new one
{
    dav_xml REPORT $calendar "<?xml version=\"1.0\" encoding=\"utf-8\"?>
<D:sync-collection xmlns:D=\"DAV:\"><D:sync-token>$1</D:sync-token><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>" \
        -u demo:demo -A 'DemoCal/2.1' -H 'Depth: 0'
    token=$(grep -oE '<sync-token>[^<]*' "$work/answer" | cut -d'>' -f2 || true)
}
sync ''
put_event standup 'Stand-up at nine'
put_event retro 'Retrospective'
sync "$token"
dav DELETE ${calendar}dentist.ics -u demo:demo -A 'DemoCal/2.1'
sync "$token"
sync "$token"
sync http://radicale.org/ns/sync/0000000000000000000000000000000000000000000000000000000000000000
