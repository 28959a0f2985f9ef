# Fills the template with R's openxlsx: Rscript by_r.R folder out (cells in job.tsv, see ByJava.java)
library(openxlsx)
given <- commandArgs(trailingOnly = TRUE)
lines <- strsplit(readLines(file.path(given[1], "job.tsv"), encoding = "UTF-8"), "\t", fixed = TRUE)
book <- loadWorkbook(file.path(given[1], "template.xlsx"))
for (cell in lines) {
  value <- gsub("\\n", "\n", cell[5], fixed = TRUE)
  if (cell[4] == "n") value <- as.numeric(value)
  writeData(book, cell[1], value, startRow = as.integer(cell[2]) + 1,
            startCol = as.integer(cell[3]) + 1, colNames = FALSE)
}
saveWorkbook(book, file.path(given[2], "r-openxlsx.xlsx"), overwrite = TRUE)

three <- read.xlsx(file.path(given[1], "calculated", "filled.xlsx"), sheet = "三", colNames = FALSE,
                   skipEmptyRows = FALSE, skipEmptyCols = FALSE)
write.table(three, file.path(given[2], "r.csv"), sep = ",", na = "", row.names = FALSE,
            col.names = FALSE, fileEncoding = "GB18030")
