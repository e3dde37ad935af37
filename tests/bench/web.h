/* web: the traffic that has nothing to do with Multi-Status: pages, images, interfaces of JSON,
 * downloads, encrypted connections. */
#pragma once

#include "tests/bench/dice.h"
#include "tests/bench/script.h"

/* The stuff that bodies are made of, filled once. */
struct web {
    struct buf noise;   /* bytes as of compressed files */
    struct buf records; /* the same in TLS records */
    struct buf prose;   /* HTML */
    struct buf objects; /* JSON */
};

void web_init(struct web *web, struct dice *dice);
void web_free(struct web *web);

/* Each fills an emptied script with one exchange. */
void web_ping(struct web *web, struct dice *dice, struct script *script);
void web_page(struct web *web, struct dice *dice, struct script *script);
void web_image(struct web *web, struct dice *dice, struct script *script);
void web_interface(struct web *web, struct dice *dice, struct script *script);
void web_download(struct web *web, struct dice *dice, struct script *script);
void web_encrypted(struct web *web, struct dice *dice, struct script *script);
