include_guard(GLOBAL)

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
    # Base directory and no hashed working directory: a clean checkout elsewhere hits the cache.
    set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
        CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} CCACHE_NOHASHDIR=1 ${CCACHE_PROGRAM})
endif()

add_library(birch_warnings INTERFACE)
target_compile_options(birch_warnings INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC 12 reports these inside inlined Qt and libstdc++ code under -O2; Clang's run covers ours.
    target_compile_options(birch_warnings INTERFACE
        -Wno-error=maybe-uninitialized -Wno-error=array-bounds -Wno-error=stringop-overflow -Wno-error=restrict -Wno-error=free-nonheap-object -Wno-error=dangling-pointer)
endif()
target_compile_definitions(birch_warnings INTERFACE
    QT_NO_CAST_FROM_ASCII QT_NO_CAST_TO_ASCII QT_NO_FOREACH
    QT_NO_URL_CAST_FROM_STRING BIRCH_VERSION="${PROJECT_VERSION}")

if(BIRCH_SANITIZE)
    add_compile_options(-fsanitize=${BIRCH_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${BIRCH_SANITIZE})
endif()

if(BIRCH_BUILD_FUZZ)
    add_compile_options(-fsanitize=fuzzer-no-link) # coverage of our libraries guides the fuzzer
endif()

# lld links the many test programs of a debug build; what people run is linked the ordinary way.
# Not mold 1.10 (Debian 12): it never ends with some inputs (while it lays out sections, whatever the
# number of threads), and with others makes programs that do not start.
find_program(LLD_PROGRAM ld.lld)
if(LLD_PROGRAM AND CMAKE_BUILD_TYPE STREQUAL "Debug")
    add_link_options(-fuse-ld=lld)
endif()
