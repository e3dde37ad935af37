/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The Wireshark plugin: what the host asks for when it loads it, and what it calls for each frame.
 *
 * It is a post-dissector: it comes after all dissectors of the host, looks at what HTTP they found,
 * and adds a tree of its own. Nothing that the host shows without it changes, and whatever happened
 * in the dissectors before, or happens here, hides nothing of the other. */
#include "dissector/wireshark/fields.h"
#include "dissector/wireshark/stats.h"
#include "dissector/wireshark/tree.h"

#include <epan/exceptions.h>
#include <epan/expert.h>
#include <epan/prefs.h>
#include <epan/tap.h>

/* The names the host looks up in the library. */
WS_DLL_PUBLIC_DEF const char plugin_version[] = DAVSCOPE_VERSION;
WS_DLL_PUBLIC_DEF const int plugin_want_major = WIRESHARK_VERSION_MAJOR;
WS_DLL_PUBLIC_DEF const int plugin_want_minor = WIRESHARK_VERSION_MINOR;
WS_DLL_PUBLIC void plugin_register(void);
#if HOST_ASKS_FOR_DESCRIPTION
WS_DLL_PUBLIC uint32_t plugin_describe(void);
#endif

static int protocol = -1;
static int expert_tap;
static dissector_handle_t handle;
static unsigned max_document_mib = 64;
static unsigned max_streams = 2048;
static HOST_BOOL shows_properties = TRUE;

/* Whether somebody will see what is put into the tree. */
static bool is_tree_wanted(proto_tree *tree)
{
    return proto_field_is_referenced(tree, protocol) ||
           proto_field_is_referenced(tree, proto_expert) || have_tap_listener(expert_tap);
}

static void look_at(packet_info *pinfo, proto_tree *tree, struct answer *answer)
{
    struct tree_params show = {pinfo, tree, pairing_body(pinfo, answer), answer, NULL, false, 0};
    struct decoding decoding;
    struct decoding_params params = {
        .answer = answer,
        .max_bytes = (size_t)max_document_mib << 20,
        .keeps_resources = is_tree_wanted(tree),
        .origin = {.ordinal = pinfo->num, .frame = pinfo->num},
    };
    if (show.body) {
        int length = (int)tvb_captured_length(show.body);
        params.body = span_of(tvb_get_ptr(show.body, 0, length), (size_t)length);
    }
    show.decoding = &decoding;
    show.shows_properties = shows_properties;
    show.protocol = protocol;
    decoding_run(&decoding, &params);
    if (!answer->is_looked_at && decoding.is_document)
        answer->summary = decoding_summary(&decoding, answer->exchange);
    answer->is_looked_at = true;
    answer->is_document = decoding.is_document;
    if (!answer->is_document)
        pairing_forget_body(answer);
    TRY
    {
        if (decoding.is_document && params.keeps_resources)
            tree_add(&show);
    }
    FINALLY
    {
        decoding_free(&decoding);
    }
    ENDTRY;
}

static void show_answer(packet_info *pinfo, proto_tree *tree, struct answer *answer)
{
    bool is_known = answer->is_looked_at;
    if (is_known && !answer->is_document)
        return;
    if (!is_known || is_tree_wanted(tree))
        look_at(pinfo, tree, answer);
    if (!answer->is_document)
        return;
    col_append_sep_fstr(pinfo->cinfo, COL_INFO, ", ", "Multi-Status: %s",
                        tree_title(pinfo, &answer->summary));
    stats_take(pinfo, answer);
}

static int dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    (void)data;
    if (!PINFO_FD_VISITED(pinfo))
        pairing_take(pinfo, tree, max_streams);
    for (const struct http3_note *note = pairing_notes(pinfo); note; note = note->next)
        tree_add_note(pinfo, tree, tvb, note);
    for (struct answer *answer = pairing_answers(pinfo); answer; answer = answer->next)
        show_answer(pinfo, tree, answer);
    return (int)tvb_captured_length(tvb);
}

static void register_preferences(void)
{
    module_t *module = prefs_register_protocol(protocol, NULL);
    prefs_register_uint_preference(module, "max_document_mib", "Largest document in MiB",
                                   "What lies behind is not decoded, and the document is called "
                                   "incomplete.",
                                   10, &max_document_mib);
    prefs_register_uint_preference(module, "max_streams", "Most HTTP/3 streams open at once",
                                   "Of a connection, each direction by itself. Beyond it the "
                                   "oldest is given up, and its document is called incomplete.",
                                   10, &max_streams);
    prefs_register_bool_preference(module, "show_properties", "Show property names",
                                   "List the properties of each resource.", &shows_properties);
}

static void register_protocol(void)
{
    protocol = fields_register();
    pairing_init(protocol);
    stats_register();
    register_preferences();
    handle = create_dissector_handle(dissect, protocol);
    register_postdissector(handle);
}

static void hand_off(void)
{
    expert_tap = find_tap_id("expert");
    message_init();
    set_postdissector_wanted_hfids(handle, message_wanted_fields());
}

void plugin_register(void)
{
    static const proto_plugin plugin = {register_protocol, hand_off};
    proto_register_plugin(&plugin);
}

#if HOST_ASKS_FOR_DESCRIPTION
uint32_t plugin_describe(void)
{
    return WS_PLUGIN_DESC_DISSECTOR;
}
#endif
