# Layers are libraries. One folder is one static library; the table below is the only place that
# says which folder may link which; a row uses rows above it only, so there is no cycle.
# `birch_check_edges()` walks every target at the end of the configure step, so a link or a library
# made behind our back is found as well. packaging/check_layers.py reads the same table for includes.
include_guard(GLOBAL)

# layer | layers it may use | external targets it may use
set(BIRCH_LAYER_TABLE
    "core/base||Qt6::Core,udunits,yaml-cpp"
    "core/instrument|core/base|Qt6::Core"
    "core/plan|core/base,core/instrument|Qt6::Core"
    "core/data|core/base|Qt6::Core,zstd,xxhash"
    "core/engine|core/base,core/instrument,core/plan,core/data|Qt6::Core"
    "core/store|core/base,core/data|Qt6::Core,Qt6::Sql,sqlite3,libpq,libsodium,xxhash"
    "core/exchange|core/base,core/data,core/plan,core/store|Qt6::Core,Qt6::Gui,Qt6::Sql,hdf5"
    "core/notify|core/base,core/data|Qt6::Core,Qt6::DBus,libcurl"
    "drivers/transport|core/base,core/instrument|Qt6::Core,Qt6::Network"
    "drivers/scpi|core/base,core/instrument|Qt6::Core"
    "drivers/definition|core/base,core/instrument,drivers/scpi,drivers/transport|Qt6::Core,yaml-cpp"
    "drivers/discovery|core/base,core/instrument,drivers/transport,drivers/scpi,drivers/definition|Qt6::Core,Qt6::Network"
    "drivers/simulator|core/base,core/instrument,drivers/scpi,drivers/transport,drivers/definition|Qt6::Core,Qt6::Network"
    "widgets/models|core/base,core/instrument,core/plan,core/data,core/engine,core/store,core/exchange|Qt6::Core,Qt6::Gui"
    "widgets/theme|core/base,core/instrument,core/data|Qt6::Core,Qt6::Gui,Qt6::Widgets,Qt6::Svg"
    "widgets/tree|core/base,core/instrument,core/plan,core/data,core/engine,widgets/models,widgets/theme|Qt6::Core,Qt6::Gui,Qt6::Widgets"
    "widgets/queue|core/base,core/instrument,core/plan,core/data,core/engine,core/store,widgets/models,widgets/theme|Qt6::Core,Qt6::Gui,Qt6::Widgets"
    "widgets/chart|core/base,core/data,widgets/models,widgets/theme|Qt6::Core,Qt6::Gui,Qt6::Widgets,Qt6::Charts"
    "widgets/instruments|core/base,core/instrument,core/engine,widgets/models,widgets/theme|Qt6::Core,Qt6::Gui,Qt6::Widgets"
    "widgets/history|core/base,core/plan,core/data,core/store,core/exchange,widgets/models,widgets/theme,widgets/chart|Qt6::Core,Qt6::Gui,Qt6::Widgets"
    "widgets/log|core/base,core/data,widgets/models,widgets/theme|Qt6::Core,Qt6::Gui,Qt6::Widgets"
    "widgets/shell|core/base,core/instrument,core/plan,core/data,core/engine,core/store,core/exchange,widgets/models,widgets/theme,widgets/tree,widgets/queue,widgets/chart,widgets/instruments,widgets/history,widgets/log|Qt6::Core,Qt6::Gui,Qt6::Widgets"
    "app/session|core/base,core/instrument,core/plan,core/data,core/engine,core/store,core/exchange,core/notify,drivers/transport,drivers/scpi,drivers/definition,drivers/discovery,drivers/simulator|Qt6::Core,Qt6::DBus"
    "app/cli|core/base,core/instrument,core/plan,core/data,core/engine,core/store,core/exchange,core/notify,drivers/transport,drivers/scpi,drivers/definition,drivers/discovery,drivers/simulator,app/session|Qt6::Core"
)

function(birch_layer_row layer out_layers out_externals)
    foreach(row IN LISTS BIRCH_LAYER_TABLE)
        if(row MATCHES "^([^|]*)\\|([^|]*)\\|([^|]*)$" AND CMAKE_MATCH_1 STREQUAL layer)
            string(REPLACE "," ";" layers "${CMAKE_MATCH_2}")
            string(REPLACE "," ";" externals "${CMAKE_MATCH_3}")
            set(${out_layers} "${layers}" PARENT_SCOPE)
            set(${out_externals} "${externals}" PARENT_SCOPE)
            return()
        endif()
    endforeach()
    message(FATAL_ERROR "Layer '${layer}' is not in BIRCH_LAYER_TABLE (packaging/cmake/BirchLayers.cmake): add a row that says what it may use")
endfunction()

function(birch_layer_target layer out)
    string(REPLACE "/" "_" name "birch_${layer}")
    set(${out} "${name}" PARENT_SCOPE)
endfunction()

# birch_layer(core/plan USES core/base core/instrument LINK Qt6::Core)
# Makes the library of the calling folder from every source in it (not below it): static, or an
# interface while it holds headers only.
function(birch_layer layer)
    cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "USES;LINK")
    birch_layer_target(${layer} target)
    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp" "${CMAKE_CURRENT_SOURCE_DIR}/*.h")
    set(scope INTERFACE)
    if(sources MATCHES "\\.cpp")
        set(scope PUBLIC)
        add_library(${target} STATIC ${sources})
        target_link_libraries(${target} PRIVATE birch_warnings)
    else()
        add_library(${target} INTERFACE)
    endif()
    target_include_directories(${target} ${scope} "${PROJECT_SOURCE_DIR}")
    foreach(used IN LISTS ARG_USES)
        birch_layer_target(${used} used_target)
        target_link_libraries(${target} ${scope} ${used_target})
    endforeach()
    target_link_libraries(${target} ${scope} ${ARG_LINK})
    set_property(GLOBAL APPEND PROPERTY BIRCH_LAYERS "${layer}")
    if(NOT DEFINED BIRCH_BUILD_TESTS OR BIRCH_BUILD_TESTS)
        birch_check_headers(${layer})
    endif()
endfunction()

# Compiles every header of the calling folder that has no .cpp of its name, alone and twice: it must
# bring what it needs. A header with a .cpp is proven by being included first there, which
# check_layers.py sees to.
function(birch_check_headers layer)
    birch_layer_target(${layer} target)
    set(units "")
    file(GLOB headers CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.h")
    foreach(header IN LISTS headers)
        cmake_path(GET header STEM LAST_ONLY stem)
        if(EXISTS "${CMAKE_CURRENT_SOURCE_DIR}/${stem}.cpp")
            continue()
        endif()
        set(unit "${CMAKE_CURRENT_BINARY_DIR}/header_${stem}.cpp")
        file(CONFIGURE OUTPUT "${unit}" @ONLY
            CONTENT "#include \"${layer}/${stem}.h\"\n#include \"${layer}/${stem}.h\" // guarded\n")
        list(APPEND units "${unit}")
    endforeach()
    if(units)
        add_library(${target}_headers OBJECT ${units})
        set_target_properties(${target}_headers PROPERTIES AUTOMOC OFF AUTORCC OFF)
        target_link_libraries(${target}_headers PRIVATE ${target} birch_warnings)
        set_property(GLOBAL APPEND PROPERTY BIRCH_HEADER_CHECKS ${target}_headers)
    endif()
endfunction()

# Stops the configure step at the first link that the table does not allow.
function(birch_check_edges)
    get_property(layers GLOBAL PROPERTY BIRCH_LAYERS)
    set(known "")
    foreach(row IN LISTS BIRCH_LAYER_TABLE)
        string(REGEX MATCH "^[^|]*" name "${row}")
        birch_layer_row("${name}" uses externals)
        foreach(used IN LISTS uses)
            if(NOT used IN_LIST known)
                message(FATAL_ERROR "BIRCH_LAYER_TABLE: '${name}' uses '${used}', which has no row above it. Order the rows so that there is no cycle.")
            endif()
        endforeach()
        list(APPEND known "${name}")
    endforeach()
    foreach(layer IN LISTS layers)
        birch_layer_row("${layer}" allowed_layers allowed_externals)
        set(allowed birch_warnings ${allowed_externals})
        foreach(used IN LISTS allowed_layers)
            birch_layer_target(${used} used_target)
            list(APPEND allowed ${used_target})
        endforeach()
        birch_layer_target(${layer} target)
        foreach(property IN ITEMS LINK_LIBRARIES INTERFACE_LINK_LIBRARIES)
            get_target_property(links ${target} ${property})
            foreach(link IN LISTS links)
                birch_check_link("${layer}" "${link}" "${allowed}")
            endforeach()
        endforeach()
    endforeach()
    birch_check_targets("${PROJECT_SOURCE_DIR}")
endfunction()

function(birch_check_link layer link allowed)
    if(link STREQUAL "links-NOTFOUND" OR link MATCHES "^::@")
        return() # nothing linked; or CMake's mark of the folder that a link was added from
    endif()
    string(REGEX REPLACE "^\\$<LINK_ONLY:(.*)>$" "\\1" link "${link}")
    if(NOT link IN_LIST allowed)
        message(FATAL_ERROR "Forbidden link: layer '${layer}' must not use '${link}'. Allowed are: ${allowed}. Move the code, or argue for a new edge in BIRCH_LAYER_TABLE.")
    endif()
endfunction()

# No library in a layer's folders that birch_layer() did not make.
function(birch_check_targets folder)
    get_property(targets DIRECTORY "${folder}" PROPERTY BUILDSYSTEM_TARGETS)
    get_property(layers GLOBAL PROPERTY BIRCH_LAYERS)
    get_property(known GLOBAL PROPERTY BIRCH_HEADER_CHECKS)
    foreach(layer IN LISTS layers)
        birch_layer_target(${layer} target)
        list(APPEND known ${target})
    endforeach()
    foreach(target IN LISTS targets)
        get_target_property(type ${target} TYPE)
        if(type MATCHES "LIBRARY" AND folder MATCHES "/(core|drivers|widgets)(/|$)" AND NOT target IN_LIST known
           AND NOT folder MATCHES "^${PROJECT_SOURCE_DIR}/(tests|bench)")
            message(FATAL_ERROR "Library '${target}' in ${folder} was not made by birch_layer(), so no edge of it is checked. Make it a layer, or part of one.")
        endif()
    endforeach()
    get_property(below DIRECTORY "${folder}" PROPERTY SUBDIRECTORIES)
    foreach(sub IN LISTS below)
        birch_check_targets("${sub}")
    endforeach()
endfunction()

# The folder below tests/ is a label as well: ctest -L core/engine
# birch_test(tst_result LABEL unit LINK core/base [SOURCES extra.cpp] [TIMEOUT s] [EXTERNAL Qt6::Widgets] [ENV A=B])
function(birch_test name)
    cmake_parse_arguments(PARSE_ARGV 1 ARG "SERIAL" "LABEL;TIMEOUT" "LINK;SOURCES;EXTERNAL;ENV")
    if(NOT ARG_LABEL)
        message(FATAL_ERROR "birch_test(${name}): LABEL unit|contract|integration|gui|soak is missing")
    endif()
    if(NOT ARG_TIMEOUT)
        set(ARG_TIMEOUT 60)
    endif()
    add_executable(${name} ${name}.cpp ${ARG_SOURCES})
    target_include_directories(${name} PRIVATE "${PROJECT_SOURCE_DIR}")
    foreach(used IN LISTS ARG_LINK)
        birch_layer_target(${used} used_target)
        target_link_libraries(${name} PRIVATE ${used_target})
    endforeach()
    target_link_libraries(${name} PRIVATE Qt6::Test ${ARG_EXTERNAL} birch_warnings)
    add_test(NAME ${name} COMMAND ${name})
    if(BIRCH_SANITIZE) # some ten times as slow; what is promised in time is asserted by the tests
        math(EXPR ARG_TIMEOUT "${ARG_TIMEOUT} * 4")
    endif()
    # Paths come by environment, not by definition: a checkout elsewhere still hits the compiler cache.
    # A scratch home of its own: no test ever sees or touches the files of the person who runs it.
    set(home "${PROJECT_BINARY_DIR}/test-home/${name}")
    file(RELATIVE_PATH folder "${PROJECT_SOURCE_DIR}/tests" "${CMAKE_CURRENT_SOURCE_DIR}")
    file(MAKE_DIRECTORY "${home}")
    file(CHMOD "${home}" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
    set_tests_properties(${name} PROPERTIES
        LABELS "${ARG_LABEL};${folder}" TIMEOUT ${ARG_TIMEOUT}
        ENVIRONMENT "BIRCH_SOURCE_DIR=${PROJECT_SOURCE_DIR};BIRCH_BINARY_DIR=${PROJECT_BINARY_DIR};QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;HOME=${home};XDG_RUNTIME_DIR=${home};XDG_CONFIG_HOME=${home}/.config;XDG_DATA_HOME=${home}/.local/share;${ARG_ENV}")
    if(ARG_SERIAL)
        set_tests_properties(${name} PROPERTIES RUN_SERIAL TRUE)
    endif()
endfunction()
