/* The table of statuses. Operations that read a status in their own way are named in its meaning.
 */
#include "output/explain_status.h"

static const struct status_row rows[] = {
    {102, OUTCOME_PENDING, RETRY_NONE, "RFC 2518 §10.1", "The server is still at work.",
     "Wait; if it stays so, look into the server's log."},
    {200, OUTCOME_OK, RETRY_NONE, "RFC 9110 §15.3.1",
     "Done, or the properties listed were delivered. In a PROPPATCH it holds only when no other "
     "property failed.",
     NULL},
    {201, OUTCOME_OK, RETRY_NONE, "RFC 9110 §15.3.2",
     "Created. In a sync-collection some servers mark new members with it.", NULL},
    {202, OUTCOME_PENDING, RETRY_NONE, "RFC 9110 §15.3.3",
     "Accepted, to be done later: the outcome is not known yet.", "Look again later."},
    {204, OUTCOME_OK, RETRY_NONE, "RFC 9110 §15.3.5", "Done.", NULL},
    {207, OUTCOME_UNKNOWN, RETRY_NONE, "RFC 4918 §11.1",
     "A Multi-Status inside a Multi-Status is not allowed: it tells nothing.",
     "Server defect: report it."},
    {208, OUTCOME_UNCHANGED, RETRY_NONE, "RFC 5842 §7.1",
     "Reported already, under another of its URLs.", NULL},
    {226, OUTCOME_OK, RETRY_NONE, "RFC 3229 §10.4.1",
     "Done; what was delivered is the difference to what the client has.", NULL},
    {300, OUTCOME_REDIRECT, RETRY_NONE, "RFC 9110 §15.4.1",
     "Several resources would fit, as a server says that corrects spelling.",
     "Turn off spelling correction (mod_speling) for DAV."},
    {301, OUTCOME_REDIRECT, RETRY_NONE, "RFC 9110 §15.4.2, RFC 4918 §13.2",
     "Moved for good; DAV:location should name where to. Most clients do not follow it.",
     "Let the client use the new URL."},
    {302, OUTCOME_REDIRECT, RETRY_NONE, "RFC 9110 §15.4.3, RFC 4918 §13.2",
     "Elsewhere for now; DAV:location should name where. Most clients do not follow it.",
     "Let the client use the other URL."},
    {304, OUTCOME_UNCHANGED, RETRY_NONE, "RFC 9110 §15.4.5", "Not changed.", NULL},
    {307, OUTCOME_REDIRECT, RETRY_NONE, "RFC 9110 §15.4.8, RFC 4918 §13.2",
     "Elsewhere for now; DAV:location should name where. Most clients do not follow it.",
     "Let the client use the other URL."},
    {308, OUTCOME_REDIRECT, RETRY_NONE, "RFC 9110 §15.4.9, RFC 4918 §13.2",
     "Moved for good; DAV:location should name where to. Most clients do not follow it.",
     "Let the client use the new URL."},
    {400, OUTCOME_FAILED, RETRY_NEVER, "RFC 9110 §15.5.1",
     "The server could not make sense of the request for this item.",
     "Look at the condition or description beside it; client and server do not fit."},
    {401, OUTCOME_FAILED, RETRY_AFTER_FIX, "RFC 9110 §15.5.2",
     "Credentials are needed for this item or property.",
     "Check the account, and whether a proxy strips the Authorization header."},
    {403, OUTCOME_FAILED, RETRY_AFTER_FIX, "RFC 9110 §15.5.4, RFC 4918 §16",
     "Refused; the condition says why. On a property of a listing it only means that its value "
     "may not be read.",
     "Do not repeat it unchanged. Check rights and sharing, or what the condition says."},
    {404, OUTCOME_ABSENT, RETRY_NONE, "RFC 9110 §15.5.5, RFC 4918 §9.1",
     "Not there. On properties it is normal: the resource does not have them. In a sync-collection "
     "it tells the client to remove the item. In a multiget the item was asked for and does not "
     "exist: a failure, as for writes.",
     "Nothing in a listing. In a multiget that repeats it, see D24."},
    {405, OUTCOME_FAILED, RETRY_NEVER, "RFC 9110 §15.5.6",
     "The method is not possible here (MKCOL where something exists already).",
     "Check the URL and whether DAV is enabled there."},
    {409, OUTCOME_FAILED, RETRY_AFTER_FIX, "RFC 9110 §15.5.10, RFC 4918 §16",
     "In conflict with what is there: mostly a parent folder is missing.",
     "Create the parent folder, or solve what the condition names."},
    {410, OUTCOME_ABSENT, RETRY_NONE, "RFC 9110 §15.5.11", "Gone for good; read as 404.", NULL},
    {412, OUTCOME_FAILED, RETRY_AFTER_FIX, "RFC 9110 §15.5.13, RFC 4918 §12.1",
     "A condition of the request did not hold: the item changed meanwhile, exists already "
     "(Overwrite: F), or a lock token is stale.",
     "Let the client refresh; if it is always the same item, compare ETags (D32)."},
    {413, OUTCOME_FAILED, RETRY_NEVER, "RFC 9110 §15.5.14", "Too large for the server.",
     "Raise the limit of the server and of every proxy, or make the item smaller."},
    {415, OUTCOME_FAILED, RETRY_AFTER_FIX, "RFC 9110 §15.5.16",
     "The server does not take this kind of content, or of report.",
     "Check the client's settings for format and version."},
    {418, OUTCOME_UNKNOWN, RETRY_NONE, "sabre/dav",
     "A placeholder of sabre/dav (Nextcloud, ownCloud, Baikal) for 'nothing to say here'; neutral "
     "when it holds no property.",
     NULL},
    {419, OUTCOME_DEPENDENT, RETRY_AFTER_FIX, "WebDAV drafts",
     "As 424 today: not done because something else failed.",
     "Look for the item that failed itself, and solve that."},
    {420, OUTCOME_DEPENDENT, RETRY_AFTER_FIX, "WebDAV drafts",
     "As 424 today: not done because something else failed.",
     "Look for the item that failed itself, and solve that."},
    {422, OUTCOME_FAILED, RETRY_AFTER_FIX, "RFC 4918 §11.2",
     "The request is well-formed but makes no sense to the server.",
     "Look at the condition or description; client and server do not fit."},
    {423, OUTCOME_FAILED, RETRY_LATER, "RFC 4918 §11.3", "Locked, and no token was sent for it.",
     "Find who holds the lock; close the file there, or remove the lock. See D36."},
    {424, OUTCOME_DEPENDENT, RETRY_AFTER_FIX, "RFC 4918 §11.4",
     "Not done only because something else failed: never the cause itself. For the requested URL "
     "of a COPY, MOVE, DELETE or LOCK it mostly means that nothing was done at all.",
     "Look for the item that failed itself, and solve that. See D37."},
    {425, OUTCOME_PENDING, RETRY_LATER, "RFC 8470 §5.2",
     "Too early: the file is still being processed (oCIS, OpenCloud). Old Exchange servers mean "
     "'Insufficient Space' by it, which is a failure.",
     "Wait; after some minutes look at the server's queue. See D49."},
    {428, OUTCOME_FAILED, RETRY_AFTER_FIX, "RFC 6585 §3",
     "The server wants a condition (If-Match) with the request.", "Update the client."},
    {429, OUTCOME_FAILED, RETRY_LATER, "RFC 6585 §4", "Too many requests.",
     "Wait as Retry-After says; look for a client that loops."},
    {500, OUTCOME_FAILED, RETRY_LATER, "RFC 9110 §15.6.1", "The server failed at this item.",
     "Read the server's log for that moment."},
    {501, OUTCOME_FAILED, RETRY_NEVER, "RFC 9110 §15.6.2", "The server cannot do this at all.",
     "Check whether the feature is enabled."},
    {502, OUTCOME_FAILED, RETRY_LATER, "RFC 9110 §15.6.3, RFC 4918 §9.8.5",
     "Another server failed. For COPY and MOVE: the destination is on a server this one cannot "
     "write to, often a wrong Destination behind a proxy.",
     "Check host and protocol of Destination against the server's public URL. See D16."},
    {503, OUTCOME_FAILED, RETRY_LATER, "RFC 9110 §15.6.4", "Overloaded, or under maintenance.",
     "Wait as Retry-After says."},
    {504, OUTCOME_FAILED, RETRY_LATER, "RFC 9110 §15.6.5", "A proxy waited in vain.",
     "Look at the server behind it."},
    {507, OUTCOME_FAILED, RETRY_AFTER_FIX, "RFC 4918 §11.5",
     "No room to store it. For the requested URL of a sync-collection, query or search it only "
     "marks that the result goes on in a further page.",
     "Free or raise the quota; a page has to be continued by the client. See D39, D27."},
    {508, OUTCOME_FAILED, RETRY_AFTER_FIX, "RFC 5842 §7.2",
     "The tree contains itself; the listing ended there.",
     "Remove the binding that makes the loop, or list with Depth 1."},
};

enum { N_ROWS = sizeof rows / sizeof *rows };

const struct status_row *status_row_at(size_t i)
{
    return i < N_ROWS ? &rows[i] : NULL;
}

const struct status_row *status_row_find(uint16_t code)
{
    for (size_t i = 0; i < N_ROWS; i++)
        if (rows[i].code == code)
            return &rows[i];
    return NULL;
}
