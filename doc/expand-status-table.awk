# SPDX-License-Identifier: BSD-3-Clause
# Shows Doxygen the enumerators that the compiler gets from the table of status codes, with their sentences.
/^    X\(MFL_/ {
    name = value = $0
    sub(/^ *X\(/, "", name); sub(/,.*/, "", name)
    sub(/^[^,]*, */, "", value); sub(/,.*/, "", value)
    sentence = $0
    sub(/^[^"]*"/, "", sentence); sub(/".*/, "", sentence)
    enumerators = enumerators name " = " value ", /**< " sentence ". @since 0.1 */ "
}
/^    MFL_STATUS_TABLE\(MFL_STATUS_ENUM\)/ { print enumerators; next }
/MFL_STATUS_ENUM/ { print ""; next }
{ print }
