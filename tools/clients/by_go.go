// Fills the template with Go's tealeg/xlsx: go run by_go.go folder out (cells in job.tsv)
package main

import (
	"os"
	"strconv"
	"strings"

	"github.com/tealeg/xlsx"
)

func main() {
	folder, out := os.Args[1], os.Args[2]
	book, err := xlsx.OpenFile(folder + "/template.xlsx")
	check(err)
	lines, err := os.ReadFile(folder + "/job.tsv")
	check(err)
	for _, line := range strings.Split(strings.TrimSpace(string(lines)), "\n") {
		part := strings.SplitN(line, "\t", 5)
		row, _ := strconv.Atoi(part[1])
		column, _ := strconv.Atoi(part[2])
		cell := book.Sheet[part[0]].Cell(row, column)
		if number, err := strconv.ParseFloat(part[4], 64); part[3] == "n" && err == nil {
			cell.SetFloat(number)
		} else {
			cell.SetString(strings.ReplaceAll(part[4], "\\n", "\n"))
		}
	}
	check(book.Save(out + "/go-tealeg.xlsx"))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
