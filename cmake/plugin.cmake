# The Wireshark plugin: build/multistatus.so, when wireshark-dev is there. Of ours it links base,
# dav and http alone. A fuzzing build has no host to load it.

set(DAVSCOPE_WIRESHARK_DIR "" CACHE PATH
    "Where the Wireshark plugin is installed; empty: where Wireshark looks for it")

function(davscope_plugin)
    if(NOT wireshark IN_LIST DAVSCOPE_WITHOUT)
        pkg_check_modules(WIRESHARK QUIET IMPORTED_TARGET wireshark)
    endif()
    if(NOT WIRESHARK_FOUND OR DAVSCOPE_FUZZ)
        davscope_feature_line(wireshark "not built in" "plugin multistatus.so")
        return()
    endif()
    davscope_feature_line(wireshark "${WIRESHARK_VERSION}" "plugin multistatus.so")
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/dissector/wireshark/*.c)
    add_library(multistatus MODULE ${sources})
    set_target_properties(multistatus PROPERTIES
        PREFIX "" SUFFIX ".so" LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR})
    target_compile_definitions(multistatus PRIVATE DAVSCOPE_VERSION="${PROJECT_VERSION}")
    target_link_libraries(multistatus PRIVATE dav http base PkgConfig::WIRESHARK)
    set(folder ${DAVSCOPE_WIRESHARK_DIR})
    if(NOT folder)
        pkg_get_variable(folder wireshark plugindir)
        set(folder ${folder}/epan)
    endif()
    # A component of its own: it can be installed without the program having been built.
    install(TARGETS multistatus LIBRARY DESTINATION ${folder} COMPONENT plugin)
endfunction()
