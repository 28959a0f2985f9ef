// Fills the template with the libraries of Node.js: node by_node.cjs LIBRARY template job.json out
const fs = require("fs");
const path = require("path");
const { createRequire } = require("module");
const load = createRequire(path.join(process.cwd(), "x.js")); // node_modules beside the job
const [library, template, jobFile, out] = process.argv.slice(2);
const job = JSON.parse(fs.readFileSync(jobFile));
const target = (name) => path.join(out, name);

async function exceljs() {
  const ExcelJS = load("exceljs");
  const book = new ExcelJS.Workbook();
  await book.xlsx.readFile(template);
  for (const { sheet, address, value } of job.cells) {
    book.getWorksheet(sheet).getCell(address).value = value;
  }
  await book.xlsx.writeFile(target("exceljs.xlsx"));
  await book.csv.writeFile(target("exceljs.csv"), { sheetName: "三" });
  const own = new ExcelJS.stream.xlsx.WorkbookWriter({ filename: target("exceljs-stream.xlsx") });
  for (const { name, cells } of job.sheets) {
    const sheet = own.addWorksheet(name);
    for (const [row, column, value] of [...cells].sort((a, b) => a[0] - b[0])) {
      sheet.getRow(row + 1).getCell(column + 1).value = value;
    }
    sheet.commit();
  }
  await own.commit();
}

function sheetjs() {
  const XLSX = load("xlsx");
  const book = XLSX.read(fs.readFileSync(template), { bookVBA: true, cellStyles: true });
  for (const { sheet, address, value } of job.cells) {
    const type = typeof value === "number" ? "n" : "s";
    book.Sheets[sheet][address] = { ...book.Sheets[sheet][address], t: type, v: value, w: undefined };
  }
  const formats = {
    "xlsx": "xlsx", "xlsm": "xlsm", "xlsb": "xlsb", "xls": "biff8", "xls5": "biff5",
    "ods": "ods", "fods": "fods", "xml": "xlml", "csv": "csv", "html": "html", "txt": "txt",
  };
  const endings = { xls5: "biff5.xls", xls: "biff8.xls", txt: "utf16.txt" };
  const three = { SheetNames: ["三"], Sheets: { "三": book.Sheets["三"] } };
  for (const format of Object.keys(formats)) {
    const name = `sheetjs${endings[format] ? "-" : "."}${endings[format] || format}`;
    const saved = ["csv", "html", "txt", "fods"].includes(format) ? three : book;
    XLSX.writeFile(saved, target(name), { bookType: formats[format], compression: true });
  }
}

async function populate() {
  const XlsxPopulate = load("xlsx-populate");
  const book = await XlsxPopulate.fromFileAsync(template);
  for (const { sheet, address, value } of job.cells) book.sheet(sheet).cell(address).value(value);
  await book.toFileAsync(target("xlsx-populate.xlsx"));
}

async function excelize() {
  const { init } = load("excelize-wasm");
  const engine = await init(path.join(process.cwd(), "node_modules/excelize-wasm/excelize.wasm.gz"));
  const book = engine.OpenReader(new Uint8Array(fs.readFileSync(template)));
  if (book.error) throw new Error(book.error);
  for (const { sheet, address, value } of job.cells) {
    const { error } = book.SetCellValue(sheet, address, value);
    if (error) throw new Error(error);
  }
  const { buffer, error } = book.WriteToBuffer();
  if (error) throw new Error(error);
  fs.writeFileSync(target("excelize.xlsx"), buffer);
}

async function excelts() {
  const { Workbook } = await import(load.resolve("@cj-tech-master/excelts"));
  const book = new Workbook();
  await book.xlsx.readFile(template);
  for (const { sheet, address, value } of job.cells) {
    book.getWorksheet(sheet).getCell(address).value = value;
  }
  await book.xlsx.writeFile(target("excelts.xlsx"));
}

const run = {
  "exceljs": exceljs,
  "sheetjs": sheetjs,
  "populate": populate,
  "excelize": excelize,
  "excelts": excelts,
};
Promise.resolve(run[library]()).then(() => process.exit(0), (error) => {
  console.error(error);
  process.exit(1);
});
