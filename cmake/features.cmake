# Libraries: three are required, the others are features that are on where found.

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(PCAP REQUIRED IMPORTED_TARGET libpcap)
find_package(LibXml2 REQUIRED)
find_package(ZLIB REQUIRED)

# A line of the table that is printed at configure time and by --version.
function(davscope_feature_line name state what)
    set_property(GLOBAL APPEND PROPERTY DAVSCOPE_FEATURES "${name}: ${state}, ${what}")
endfunction()

davscope_feature_line(libpcap "${PCAP_VERSION}" "live capture and classic captures")
davscope_feature_line(libxml2 "${LIBXML2_VERSION_STRING}" "Multi-Status bodies")
davscope_feature_line(zlib "${ZLIB_VERSION_STRING}" "gzip and deflate")

# davscope_feature(name package define what room...): the rooms get the library and the define
# when pkg-config knows the package, and nobody wants to do without.
function(davscope_feature name package define what)
    if(name IN_LIST DAVSCOPE_WITHOUT)
        unset(FEATURE_${name}_FOUND CACHE)
    else()
        pkg_check_modules(FEATURE_${name} QUIET IMPORTED_TARGET ${package})
    endif()
    if(NOT FEATURE_${name}_FOUND)
        davscope_feature_line(${name} "not built in" "${what}")
        return()
    endif()
    davscope_feature_line(${name} "${FEATURE_${name}_VERSION}" "${what}")
    foreach(room IN LISTS ARGN)
        if(TARGET ${room})
            target_link_libraries(${room} PRIVATE PkgConfig::FEATURE_${name})
            target_compile_definitions(${room} PRIVATE ${define})
        endif()
    endforeach()
endfunction()

# Print the table and write it where the program can include it as "app/build_info.h".
function(davscope_features_done)
    message(STATUS "davscope ${PROJECT_VERSION}, ${CMAKE_C_COMPILER_ID} ${CMAKE_C_COMPILER_VERSION}")
    get_property(lines GLOBAL PROPERTY DAVSCOPE_FEATURES)
    set(literals "")
    foreach(line IN LISTS lines)
        message(STATUS "  ${line}")
        string(APPEND literals " \\\n    \"${line}\\n\"")
    endforeach()
    set(BUILD_FEATURES "${literals}")
    configure_file(cmake/build_info.h.in generated/app/build_info.h @ONLY)
endfunction()
