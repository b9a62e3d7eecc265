#!/usr/bin/env bash
# Draws the pictures of README.md and DESIGN.md into tools/pictures, for light and for dark pages: the terminal
# with what `make demo` prints, the steps of a read, and, after `make bench`, the time of a plan.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The terminal: tables are cut after five rows. textLength keeps columns apart in whatever font is there.
terminal() {
  awk -v page="$1" -v bar="$2" -v text="$3" -v muted="$4" '
    BEGIN { line[n++] = "$ make demo" }
    !NF { rows = 0 }
    /^[sd]-/ && ++rows > 5 { if (rows == 6) line[n++] = "..."; next }
    { line[n++] = $0 }
    END {
      for (i = 0; i < n; i++) if (length(line[i]) > columns) columns = length(line[i])
      width = columns * 7.8 + 40; height = n * 18 + 70
      printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" role=\"img\" " \
        "font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, monospace\" font-size=\"13\">\n", width, height, width, height
      printf "<title>What make demo prints</title>\n<rect x=\".5\" y=\".5\" width=\"%d\" height=\"%d\" rx=\"8\" fill=\"%s\" stroke=\"%s\"/>\n", width - 1, height - 1, page, bar
      printf "<path d=\"M1 36V9a8 8 0 0 1 8-8H%da8 8 0 0 1 8 8V36z\" fill=\"%s\"/>\n", width - 9, bar
      for (i = 0; i < 3; i++) printf "<circle cx=\"%d\" cy=\"18\" r=\"6\" fill=\"%s\"/>\n", 20 + 20 * i, muted
      for (i = 0; i < n; i++) {
        if (line[i] == "") continue
        content = line[i]; gsub(/&/, "\\&amp;", content); gsub(/</, "\\&lt;", content)
        # The command and the title of each paragraph are bold; the heads of tables are muted.
        style = i == 0 || line[i + 1] != "" && line[i - 1] == "" ? " font-weight=\"600\"" : ""
        printf "<text x=\"20\" y=\"%d\" xml:space=\"preserve\" textLength=\"%.1f\" fill=\"%s\"%s>%s</text>\n", 62 + 18 * i, length(line[i]) * 7.8, \
          (line[i] ~ /^(DISK|SNAPSHOT|\.\.\.|Building|Applying)/ ? muted : text), style, content
      }
      print "</svg>"
    }'
}

# box X TITLE LINE... is one step of a read.
box() {
  local x=$1 y=78 line
  echo "<rect x=\"$x\" y=\"50\" width=\"160\" height=\"108\" rx=\"8\" fill=\"$bar\" stroke=\"$muted\"/>"
  echo "<text x=\"$((x + 80))\" y=\"$y\" font-weight=\"600\" font-size=\"15\" fill=\"$text\">$2</text>"
  for line in "${@:3}"; do
    y=$((y + 20))
    echo "<text x=\"$((x + 80))\" y=\"$y\" fill=\"$text\">$line</text>"
  done
}

read_steps() {
  local page=$1 bar=$2 text=$3 muted=$4 x
  cat <<SVG
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 960 290" width="960" height="290" role="img" text-anchor="middle" font-family="system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="13">
<title>The steps of a read</title>
<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" orient="auto-start-reverse"><path d="M0 0L10 5L0 10z" fill="$muted"/></marker></defs>
<rect width="960" height="290" rx="8" fill="$page"/>
<g fill="none" stroke="$muted" stroke-width="1.5" marker-end="url(#head)">
$(for x in 176 366 556 746; do echo "<path d=\"M$x 104h28\"/>"; done)
<path d="M476 50V28H286V48"/>
<path d="M286 160V206" marker-start="url(#head)"/>
</g>
<text x="380" y="20" fill="$muted">not whole: again, at most three times, then by token</text>
$(box 16 Query "The configuration," "filter by filter")
$(box 206 Pages "Page 1 says the total;" "the others are read" "side by side")
$(box 396 "Check and filter" "Is the list whole? Does" "each snapshot match" "every filter?")
$(box 586 "Sort and cut" "Newest first," "as many as limit says")
$(box 776 State "Encoded as Terraform" "stores it")
<rect x="206" y="208" width="160" height="64" rx="8" fill="none" stroke="$muted" stroke-dasharray="5 4"/>
<text x="286" y="236" font-weight="600" font-size="15" fill="$text">ECS API</text>
<text x="286" y="256" fill="$text">DescribeSnapshots</text>
<text x="378" y="245" text-anchor="start" fill="$muted">internal/rpc limits, signs and retries</text>
$(for x in 96 856; do echo "<text x=\"$x\" y=\"180\" fill=\"$muted\">internal/provider</text>"; done)
<text x="571" y="180" fill="$muted">internal/ecs</text>
</svg>
SVG
}

demo=$(tools/demo.sh)
light=("#ffffff" "#f0f3f6" "#1f2328" "#59636e")
dark=("#0d1117" "#21262d" "#e6edf3" "#9198a1")
terminal "${light[@]}" <<<"$demo" >tools/pictures/demo-light.svg
terminal "${dark[@]}" <<<"$demo" >tools/pictures/demo-dark.svg
read_steps "${light[@]}" >tools/pictures/read-light.svg
read_steps "${dark[@]}" >tools/pictures/read-dark.svg
if [[ -f .cache/bench.txt ]]; then
  go run ./internal/bench/plot -out tools/pictures/plan-time <.cache/bench.txt
fi
