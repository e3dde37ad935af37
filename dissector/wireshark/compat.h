/* SPDX-License-Identifier: GPL-2.0-or-later */
/* compat: where the releases of the host differ, 4.0 to 4.6. Built and tested with 4.0.17; of the
 * others only the sources were read. Everything else of the plugin uses what these have in common:
 * in particular it reads the fields of other protocols as bytes of their buffers, since the
 * functions that read their values have changed. */
#pragma once

#include <glib.h>

#include <epan/packet.h>
#include <ws_version.h>

#define HOST_IS_AT_LEAST(major, minor)                                                             \
    (WIRESHARK_VERSION_MAJOR > (major) ||                                                          \
     (WIRESHARK_VERSION_MAJOR == (major) && WIRESHARK_VERSION_MINOR >= (minor)))

/* From 4.2 on a plugin says what it is. */
#if HOST_IS_AT_LEAST(4, 2)
#include <wsutil/plugins.h>
#define HOST_ASKS_FOR_DESCRIPTION 1
#else
#define HOST_ASKS_FOR_DESCRIPTION 0
#endif

/* The type a preference of yes or no is kept in. */
#if HOST_IS_AT_LEAST(4, 4)
#define HOST_BOOL bool
#else
#define HOST_BOOL gboolean
#endif
