# What each folder links from outside. A library stands beside the one folder that may include it.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(GTest REQUIRED)
find_package(CLI11 REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(yaml-cpp REQUIRED)
foreach(module fmt libpq libsodium libcurl libmaxminddb re2 spdlog hiredis openssl libqrencode zlib libpng tomlplusplus liboath libutf8proc)
  pkg_check_modules(${module} REQUIRED IMPORTED_TARGET ${module})
endforeach()

set(boost_json /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/libboost_json.so.1.81.0)
set(boost_url /usr/lib/${CMAKE_LIBRARY_ARCHITECTURE}/libboost_url.so.1.81.0)

set(base_libraries ${boost_url} PkgConfig::fmt PkgConfig::libqrencode PkgConfig::libpng Threads::Threads)
set(platform_log_libraries PkgConfig::spdlog)
set(platform_metrics_libraries prometheus-cpp::core)
set(platform_config_libraries PkgConfig::tomlplusplus)
set(platform_crypto_libraries PkgConfig::libsodium)
set(platform_schema_libraries ${boost_json})
set(platform_db_libraries PkgConfig::libpq)
# Not the imported target: its -D_FILE_OFFSET_BITS, nothing on 64 bits, would void the precompiled header.
set(platform_cache_libraries ${hiredis_LINK_LIBRARIES})
set(platform_http_libraries PkgConfig::openssl)
set(testing_libraries GTest::gmock PkgConfig::libcurl)
# As for hiredis: a -D of theirs would void the precompiled header.
set(accounts_libraries ${liboath_LINK_LIBRARIES} ${libutf8proc_LINK_LIBRARIES})
set(clicks_libraries PkgConfig::re2 PkgConfig::libmaxminddb yaml-cpp)
set(app_libraries CLI11::CLI11 PkgConfig::zlib)
