// Fills the template with the libraries of Java: java -cp ... ByJava.java LIBRARY folder out
// The cells come from job.tsv: sheet, row and column from 0, n or s, value (\n escaped).
import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.util.*;

public class ByJava {
    record Cell(String sheet, int row, int column, boolean number, String value) {}

    static List<Cell> cells(Path file) throws IOException {
        List<Cell> cells = new ArrayList<>();
        for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            String[] part = line.split("\t", 5);
            cells.add(new Cell(part[0], Integer.parseInt(part[1]), Integer.parseInt(part[2]),
                part[3].equals("n"), part[4].replace("\\n", "\n")));
        }
        return cells;
    }

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[1]), out = Path.of(args[2]);
        List<Cell> cells = cells(folder.resolve("job.tsv"));
        switch (args[0]) {
            case "poi" -> // fails on a kind of conditional format that LibreOffice writes
                Poi.fill(folder.resolve("template-gnumeric.xls"), cells, out.resolve("poi-hssf.xls"));
            case "jxl" -> Jxl.fill(folder.resolve("template-gnumeric.xls"), cells, out.resolve("jxl.xls"));
            case "jopendocument" -> // knows ODF up to 1.2, which gnumeric writes
                JOpen.fill(folder.resolve("template-gnumeric.ods"), cells, out.resolve("jopendocument.ods"));
            case "odfdom" -> OdfDom.fill(folder.resolve("template.ods"), cells, out.resolve("odfdom.ods"));
        }
        System.exit(0);
    }

    static class Poi {
        static void fill(Path template, List<Cell> cells, Path target) throws Exception {
            try (var book = org.apache.poi.ss.usermodel.WorkbookFactory.create(template.toFile())) {
                for (Cell cell : cells) set(book.getSheet(cell.sheet()).getRow(cell.row()).getCell(cell.column(),
                    org.apache.poi.ss.usermodel.Row.MissingCellPolicy.CREATE_NULL_AS_BLANK), cell);
                try (var stream = Files.newOutputStream(target)) { book.write(stream); }
            }
        }

        static void set(org.apache.poi.ss.usermodel.Cell target, Cell cell) {
            if (cell.number()) target.setCellValue(Double.parseDouble(cell.value()));
            else target.setCellValue(cell.value());
        }
    }

    static class Jxl {
        static void fill(Path template, List<Cell> cells, Path target) throws Exception {
            var book = jxl.Workbook.createWorkbook(target.toFile(), jxl.Workbook.getWorkbook(template.toFile()));
            for (Cell cell : cells) {
                var sheet = book.getSheet(cell.sheet());
                var format = sheet.getWritableCell(cell.column(), cell.row()).getCellFormat();
                jxl.write.WritableCell written = cell.number()
                    ? new jxl.write.Number(cell.column(), cell.row(), Double.parseDouble(cell.value()))
                    : new jxl.write.Label(cell.column(), cell.row(), cell.value());
                if (format != null) written.setCellFormat(format);
                sheet.addCell(written);
            }
            book.write();
            book.close();
        }
    }

    static class JOpen {
        static void fill(Path template, List<Cell> cells, Path target) throws Exception {
            var book = org.jopendocument.dom.spreadsheet.SpreadSheet.createFromFile(template.toFile());
            for (Cell cell : cells) {
                Object value = cell.number() ? new java.math.BigDecimal(cell.value()) : cell.value();
                book.getSheet(cell.sheet()).setValueAt(value, cell.column(), cell.row());
            }
            book.saveAs(target.toFile());
        }
    }

    static class OdfDom {
        static void fill(Path template, List<Cell> cells, Path target) throws Exception {
            var book = org.odftoolkit.odfdom.doc.OdfSpreadsheetDocument.loadDocument(template.toFile());
            for (Cell cell : cells) {
                var table = book.getTableByName(cell.sheet());
                var spot = table.getCellByPosition(cell.column(), cell.row());
                if (cell.number()) spot.setDoubleValue(Double.parseDouble(cell.value()));
                else spot.setStringValue(cell.value());
            }
            book.save(target.toFile());
        }
    }
}
