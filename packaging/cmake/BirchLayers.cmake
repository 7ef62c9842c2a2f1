# Layers are libraries. One folder is one static library; the table below is the only place that
# says which folder may link which. `birch_check_edges()` walks every target at the end of the
# configure step, so a link made behind our back is found as well.
include_guard(GLOBAL)

# layer | layers it may use | external targets it may use
set(BIRCH_LAYER_TABLE
    "core/base||Qt6::Core,udunits,yaml-cpp"
    "core/instrument|core/base|Qt6::Core"
    "core/plan|core/base,core/instrument|Qt6::Core"
    "core/data|core/base|Qt6::Core,zstd,xxhash"
    "core/engine|core/base,core/instrument,core/plan,core/data|Qt6::Core"
    "core/store|core/base,core/data|Qt6::Core,Qt6::Sql,sqlite3,libpq,sodium"
    "core/exchange|core/base,core/data,core/plan,core/store|Qt6::Core,Qt6::Sql,hdf5"
    "drivers/transport|core/base,core/instrument|Qt6::Core,Qt6::Network,Qt6::SerialPort"
    "drivers/scpi|core/base,core/instrument|Qt6::Core"
    "drivers/definition|core/base,core/instrument,drivers/scpi,drivers/transport|Qt6::Core,yaml-cpp"
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
    "app/session|core/base,core/instrument,core/plan,core/data,core/engine,core/store,core/exchange,drivers/transport,drivers/scpi,drivers/definition,drivers/simulator|Qt6::Core"
    "app/cli|core/base,core/instrument,core/plan,core/data,core/engine,core/store,core/exchange,drivers/transport,drivers/scpi,drivers/definition,drivers/simulator,app/session|Qt6::Core"
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
# Makes the static library of the calling folder from every source in it (not below it).
function(birch_layer layer)
    cmake_parse_arguments(PARSE_ARGV 1 ARG "" "" "USES;LINK")
    birch_layer_target(${layer} target)
    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp" "${CMAKE_CURRENT_SOURCE_DIR}/*.h")
    if(NOT sources MATCHES "\\.cpp")
        add_library(${target} INTERFACE) # headers only, so far
        foreach(used IN LISTS ARG_USES)
            birch_layer_target(${used} used_target)
            target_link_libraries(${target} INTERFACE ${used_target})
        endforeach()
        target_link_libraries(${target} INTERFACE ${ARG_LINK})
        return()
    endif()
    add_library(${target} STATIC ${sources})
    set_target_properties(${target} PROPERTIES BIRCH_LAYER "${layer}")
    target_include_directories(${target} PUBLIC "${PROJECT_SOURCE_DIR}")
    foreach(used IN LISTS ARG_USES)
        birch_layer_target(${used} used_target)
        target_link_libraries(${target} PUBLIC ${used_target})
    endforeach()
    target_link_libraries(${target} PUBLIC ${ARG_LINK} PRIVATE birch_warnings)
    set_property(GLOBAL APPEND PROPERTY BIRCH_LAYERS "${layer}")
endfunction()

# Stops the configure step at the first link that the table does not allow.
function(birch_check_edges)
    get_property(layers GLOBAL PROPERTY BIRCH_LAYERS)
    foreach(layer IN LISTS layers)
        birch_layer_row("${layer}" allowed_layers allowed_externals)
        set(allowed birch_warnings birch_sanitizers ${allowed_externals})
        foreach(used IN LISTS allowed_layers)
            birch_layer_target(${used} used_target)
            list(APPEND allowed ${used_target})
        endforeach()
        birch_layer_target(${layer} target)
        get_target_property(direct ${target} LINK_LIBRARIES)
        foreach(link IN LISTS direct)
            string(REGEX REPLACE "^\\$<LINK_ONLY:(.*)>$" "\\1" link "${link}")
            if(link MATCHES "^::@|^\\$<")
                continue()
            endif()
            if(NOT link IN_LIST allowed)
                message(FATAL_ERROR "Forbidden link: layer '${layer}' must not use '${link}'. Allowed are: ${allowed}. Move the code, or argue for a new edge in BIRCH_LAYER_TABLE.")
            endif()
        endforeach()
    endforeach()
endfunction()

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
    # Paths come by environment, not by definition: a checkout elsewhere still hits the compiler cache.
    # A scratch home of its own: no test ever sees or touches the files of the person who runs it.
    set(home "${PROJECT_BINARY_DIR}/test-home/${name}")
    file(MAKE_DIRECTORY "${home}")
    set_tests_properties(${name} PROPERTIES
        LABELS "${ARG_LABEL}" TIMEOUT ${ARG_TIMEOUT}
        ENVIRONMENT "BIRCH_SOURCE_DIR=${PROJECT_SOURCE_DIR};BIRCH_BINARY_DIR=${PROJECT_BINARY_DIR};QT_QPA_PLATFORM=offscreen;LC_ALL=C.UTF-8;HOME=${home};XDG_RUNTIME_DIR=${home};XDG_CONFIG_HOME=${home}/.config;XDG_DATA_HOME=${home}/.local/share;${ARG_ENV}")
    if(ARG_SERIAL)
        set_tests_properties(${name} PROPERTIES RUN_SERIAL TRUE)
    endif()
endfunction()
