/* written: what a memory writer holds, as a C string, for asserts. */
#pragma once

#include "output/writer.h"

struct written {
    struct writer writer;
    char text[16384];
};

/* Begins with an empty memory writer. */
void written_begin(struct written *written);

/* Its text so far (longer is a failure of the test); the writer is freed and begun anew. */
const char *written_text(struct written *written);
