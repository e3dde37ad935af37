# Cyrus: JMAP as a mail client speaks it (RFC 8620, RFC 8621): a folder made and one refused, messages made, one
# without a folder, changes of what is there and what is not, a call the server has not, one that refers to a call
# that failed, and a lookup of what is gone.
cyrus_server 'caldav carddav webdav jmap'
capture

call() # METHOD-CALLS
{
    answer=$work/answer dav POST http://dav.example/jmap/ -u ann:ann -A 'Example Mail/1.0' -H 'Content-Type: application/json' \
        --data-binary "{\"using\":[\"urn:ietf:params:jmap:core\",\"urn:ietf:params:jmap:mail\"],\"methodCalls\":[$1]}"
}
id_of() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))["methodResponses"][0][1]["created"][sys.argv[2]]["id"])' "$work/answer" "$1"; }

call '["Mailbox/get",{"accountId":"ann","ids":null},"a"]'
call '["Mailbox/set",{"accountId":"ann","create":{"plans":{"name":"Plans"},"bad":{"name":"Plans"},"worse":{"name":""}}},"a"]'
folder=$(id_of plans)
message='"mailboxIds":{"'$folder'":true},"from":[{"email":"ann@dav.example"}],"bodyValues":{"t":{"value":"See you."}},"textBody":[{"partId":"t","type":"text/plain"}]'
call '["Email/set",{"accountId":"ann","create":{"one":{"subject":"One",'"$message"'},"two":{"subject":"Two",'"$message"'},"three":{"subject":"Three"}}},"a"]'
one=$(id_of one) two=$(id_of two)
call '["Email/set",{"accountId":"ann","update":{"'$one'":{"keywords":{"$seen":true}},"Mgone":{"keywords":{}}},"destroy":["'$two'","Mgone2"]},"a"],["Email/get",{"accountId":"ann","ids":["'$one'","Mgone"],"properties":["subject"]},"b"]'
call '["Email/nonsense",{},"a"],["Email/query",{"accountId":"bob"},"b"],["Email/get",{"accountId":"ann","#ids":{"resultOf":"b","name":"Email/query","path":"/ids"}},"c"],["Mailbox/get",{"accountId":"ann","ids":[]},"d"]'
call '["Core/echo",{"created":{"x":true}},"a"]'
