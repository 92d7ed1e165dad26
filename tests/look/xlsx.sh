#!/usr/bin/env bash
# Opens report.xlsx in LibreOffice, as a reader would: it must open without a repair, and its pages
# must show what the report says. Where LibreOffice is missing, says so and ends well.
#
#   tests/look/xlsx.sh [PROGRAM [FOLDER]]   PROGRAM: the tool, else it is built lean and run by cargo;
#                                           FOLDER: keep PDF, CSV and pages there
set -euo pipefail
cd "$(dirname "$0")/../.."

for program in soffice pdftotext unzip; do
    if ! command -v "$program" >/dev/null; then
        echo "tests/look/xlsx.sh: $program is not installed here: nothing was looked at (apt: libreoffice-calc-nogui poppler-utils unzip)"
        exit 0
    fi
done

fail() {
    echo "tests/look/xlsx.sh: $*" >&2
    exit 1
}

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
folder=${2:-$work/look}
mkdir -p "$folder"
if [[ -n "${1:-}" ]]; then tool=("$1"); else tool=(cargo run --quiet --locked --no-default-features --features cli --); fi
"${tool[@]}" analyze samples --tz Europe/Berlin --quiet -o "$work/report"
book=$work/report/report.xlsx

# A profile of its own: a running or broken one would answer instead.
convert() {
    local log=$work/$1.log
    if ! timeout 300 soffice "-env:UserInstallation=file://$work/profile" --headless --convert-to "$2" --outdir "$folder" "$book" >"$log" 2>&1; then
        cat "$log" >&2
        fail "LibreOffice could not convert the workbook to $1"
    fi
    if grep -qiE 'error|repair|corrupt|could not be loaded' "$log"; then
        cat "$log" >&2
        fail "LibreOffice complains about the workbook"
    fi
}
convert pdf pdf
# 44 comma, 34 quote, 76 UTF-8, first row 1, all sheets (-1).
convert csv 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1'

[[ -s $folder/report.pdf ]] || fail "no PDF was made"
pdftotext -layout "$folder/report.pdf" "$folder/report.txt"
for words in "Mail flow report" "What is wrong" "INCIDENT" "Layers, in the order of the runbook" "What was read" \
    "Failing and held deliveries over time" "Failing and held deliveries by layer" "Europe/Berlin"; do
    grep -qF "$words" "$folder/report.txt" || fail "the pages do not show: $words"
done
if grep -qE '#{3,}|#(REF|NAME|VALUE|N/A|DIV/0)' "$folder/report.txt"; then
    grep -nE '#{3,}|#(REF|NAME|VALUE|N/A|DIV/0)' "$folder/report.txt" | head >&2
    fail "a column is too narrow, or a reference is broken"
fi

parts=$(unzip -Z1 "$book")
for part in xl/charts/chart1.xml xl/charts/chart2.xml xl/tables/table1.xml; do
    grep -qxF "$part" <<<"$parts" || fail "the workbook has no $part"
done
for sheet in Summary Layers Findings Signatures Timeline Domains Connectors Authentication Stamps Quarantine Sources Affected; do
    csv=$folder/report-$sheet.csv
    [[ -s $csv ]] || fail "LibreOffice shows no sheet $sheet"
done
# The same number of deliveries as the report says, through LibreOffice's own eyes.
count=$(sed -n 's/^input,deliveries,\([0-9]*\),.*/\1/p' "$work/report/tables/totals.csv")
shown=$(tr -d '",' <"$folder/report-Summary.csv" | grep -c "$count" || true)
[[ -n $count && $shown -gt 0 ]] || fail "the summary does not show $count deliveries"

echo "tests/look/xlsx.sh: $(wc -l <<<"$parts") parts, $(grep -c '^xl/charts/chart' <<<"$parts") charts, $(grep -c $'\f' "$folder/report.txt") pages: looks well"
