/* pseudonym: names, addresses and paths replaced by keyed hashes: the same for the same within a
 * run, nothing that leads back without the key. The form stays: how many segments a path has, the
 * port, whether there is a query; so do segments that are the same everywhere (".well-known",
 * "remote.php"; pseudonym.c has the table) and the endings of calendar and contact files.
 *
 * A segment is hashed as it means (percent-decoded), so two spellings of one name are one. Texts
 * are given in memory of the arena; ptr NULL in is ptr NULL out, otherwise ptr NULL is no memory.
 */
#pragma once

#include "dissector/base/arena.h"
#include "dissector/base/hash.h"
#include "dissector/event.h"

struct pseudonyms {
    struct hash_key key;
    struct arena *arena;
};

/* In 10.0.0.0/8 and fd00::/8. */
struct address pseudonym_address(const struct pseudonyms *p, const struct address *address);

/* "host:port", "[address]:port", a name or address alone: "hd1b2a3c4e5.example:8080". */
struct span pseudonym_host(const struct pseudonyms *p, struct span host);

/* Any form of a URL, target or href; userinfo becomes "***". */
struct span pseudonym_url(const struct pseudonyms *p, struct span url);

/* A text of which nothing is to be seen but whether it is the same: "~d1b2a3c4e5". */
struct span pseudonym_text(const struct pseudonyms *p, struct span text);
