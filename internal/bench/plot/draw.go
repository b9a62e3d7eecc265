package main

import (
	"cmp"
	"fmt"
	"html"
	"math"
	"slices"
	"strings"
)

// palette is the colours of a picture.
type palette struct{ page, text, muted, grid, all, newest, floor, official string }

var (
	light = palette{"#ffffff", "#1f2328", "#59636e", "#d8dee4", "#0969da", "#1a7f37", "#59636e", "#cf222e"}
	dark  = palette{"#0d1117", "#e6edf3", "#9198a1", "#2a313c", "#58a6ff", "#3fb950", "#9198a1", "#ff7b72"}
)

// The picture in pixels, and where the plot is in it.
const (
	width, height             = 880, 470
	left, top, right, bottom  = 64, 84, 600, 380
	labelGap, labelLineHeight = 10, 17
)

// Both axes are logarithmic: from 100 to 100,000 snapshots, and from a tenth of a second to a thousand.
const (
	minSnapshots, maxSnapshots = 100, 100_000
	minSeconds, maxSeconds     = 0.1, 1000
)

func x(snapshots float64) float64 {
	return left + (right-left)*math.Log10(snapshots/minSnapshots)/math.Log10(maxSnapshots/minSnapshots)
}

func y(seconds float64) float64 {
	return bottom - (bottom-top)*math.Log10(seconds/minSeconds)/math.Log10(maxSeconds/minSeconds)
}

// picture is an SVG that grows.
type picture struct {
	strings.Builder
	palette
}

func (p *picture) line(format string, args ...any) {
	_, _ = fmt.Fprintf(p, format+"\n", args...) // A builder takes everything.
}

func (p *picture) text(x, y float64, anchor, color, text string) {
	p.line(`<text x="%.1f" y="%.1f" text-anchor="%s" fill="%s">%s</text>`, x, y, anchor, color, html.EscapeString(text))
}

// draw makes the picture of all lines.
func draw(lines []line, colors palette) string {
	p := &picture{palette: colors}
	p.line(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img" `+
		`font-family="system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif" font-size="13">`, width, height, width, height)
	p.line(`<title>Time of terraform plan over the number of snapshots</title>`)
	p.line(`<rect width="%d" height="%d" fill="%s"/>`, width, height, p.page)
	p.line(`<text x="24" y="34" font-size="17" font-weight="600" fill="%s">Time of terraform plan, by the number of snapshots</text>`, p.palette.text)
	p.text(24, 58, "start", p.muted, "Seconds. Both axes are logarithmic.")
	p.axes()
	for _, l := range lines {
		p.plot(l)
	}
	p.labels(lines)
	p.text(24, 430, "start", p.muted, "A local service that takes 50 ms for each call, on 2 cores; medians. “Terraform alone” is a stub provider with the")
	p.text(24, 450, "start", p.muted, "same schema and result. The official provider was measured once for each point, on another machine of the kind.")
	p.line(`</svg>`)
	return p.String()
}

func (p *picture) axes() {
	for seconds := minSeconds; seconds <= maxSeconds; seconds *= 10 {
		p.line(`<path d="M%d %.1fH%d" stroke="%s"/>`, left, y(seconds), right, p.grid)
		number := fmt.Sprint(seconds)
		if seconds >= 1000 {
			number = thousands(int(seconds))
		}
		p.text(left-10, y(seconds)+4, "end", p.muted, number)
	}
	for snapshots := float64(minSnapshots); snapshots <= maxSnapshots; snapshots *= 10 {
		p.line(`<path d="M%.1f %dv5" stroke="%s"/>`, x(snapshots), bottom, p.muted)
		p.text(x(snapshots), bottom+22, "middle", p.muted, thousands(int(snapshots)))
	}
}

// plot draws a line through the points that are on the axes, with a ring where a plan had not ended.
func (p *picture) plot(l line) {
	color, style := l.color(p.palette), ""
	if l.dashed {
		style = ` stroke-dasharray="6 4"`
	}
	var path strings.Builder
	shown := shownPoints(l)
	for _, point := range shown {
		fmt.Fprintf(&path, "%.1f,%.1f ", x(point.snapshots), y(point.seconds))
	}
	p.line(`<polyline points="%s" fill="none" stroke="%s" stroke-width="2"%s/>`, strings.TrimSpace(path.String()), color, style)
	for _, point := range shown {
		fill := color
		if point.unfinished {
			fill = p.page
		}
		p.line(`<circle cx="%.1f" cy="%.1f" r="4" fill="%s" stroke="%s" stroke-width="2"/>`, x(point.snapshots), y(point.seconds), fill, color)
	}
}

func shownPoints(l line) []point {
	shown := slices.Clone(l.points)
	shown = slices.DeleteFunc(shown, func(p point) bool { return p.snapshots < minSnapshots || p.snapshots > maxSnapshots })
	slices.SortFunc(shown, func(a, b point) int { return cmp.Compare(a.snapshots, b.snapshots) })
	return shown
}

// labels writes each line's name behind its last point. Names that would touch are moved apart.
func (p *picture) labels(lines []line) {
	type label struct {
		x, y        float64
		text, color string
	}
	var labels []label
	for _, l := range lines {
		shown := shownPoints(l)
		if len(shown) == 0 {
			continue
		}
		last := shown[len(shown)-1]
		text := fmt.Sprintf("%s, %s", l.name, seconds(last.seconds))
		if last.unfinished {
			text = fmt.Sprintf("%s, not finished after %s", l.name, seconds(last.seconds))
		}
		labels = append(labels, label{x(last.snapshots) + labelGap, y(last.seconds) + 4, text, l.color(p.palette)})
	}
	slices.SortFunc(labels, func(a, b label) int { return cmp.Compare(a.y, b.y) })
	for i := 1; i < len(labels); i++ {
		labels[i].y = max(labels[i].y, labels[i-1].y+labelLineHeight)
	}
	for _, l := range labels {
		// The outline in the page's colour ends grid lines before the name.
		p.line(`<text x="%.1f" y="%.1f" fill="%s" stroke="%s" stroke-width="5" paint-order="stroke">%s</text>`,
			l.x, l.y, l.color, p.page, html.EscapeString(l.text))
	}
}

func seconds(s float64) string {
	if s < 10 {
		return fmt.Sprintf("%.1f s", s)
	}
	return fmt.Sprintf("%.0f s", s)
}

// thousands writes a number with commas.
func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}
