/* property: what the elements inside of a prop say of the resource: types, locks, rights, values.
 * Their rows stand in multistatus_element.c. Each keeps what it tells in the draft; elements below
 * a property are counted, up to limits.max_value_elements. Private to multistatus. */
#pragma once

#include "dissector/dav/multistatus_state.h"

void property_open(struct multistatus *m, const struct name *name);
void property_open_part(struct multistatus *m, const struct name *name);
void property_open_collection(struct multistatus *m, const struct name *name);
void property_open_type(struct multistatus *m, const struct name *name);
void property_open_folder_type(struct multistatus *m, const struct name *name);
void property_open_nested_collection(struct multistatus *m, const struct name *name);
void property_open_locks(struct multistatus *m, const struct name *name);
void property_open_lock(struct multistatus *m, const struct name *name);
void property_close_lock_part(struct multistatus *m, struct span text);
void property_open_privileges(struct multistatus *m, const struct name *name);
void property_open_privilege_name(struct multistatus *m, const struct name *name);
void property_open_unauthenticated(struct multistatus *m, const struct name *name);
void property_open_sync_report(struct multistatus *m, const struct name *name);
void property_close(struct multistatus *m, struct span text);
