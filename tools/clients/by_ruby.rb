# Fills the template with Ruby's spreadsheet, and writes a workbook of its own:
# ruby by_ruby.rb folder out
require "json"
require "spreadsheet"

folder, out = ARGV
book = Spreadsheet.open("#{folder}/template-gnumeric.xls")
job = JSON.parse(File.read("#{folder}/job.json"))
job["cells"].each do |cell|
  book.worksheet(cell["sheet"])[cell["row"], cell["column"]] = cell["value"]
end
book.write("#{out}/ruby-spreadsheet.xls")

own = Spreadsheet::Workbook.new
job["sheets"].each do |given|
  sheet = own.create_worksheet(name: given["name"])
  given["cells"].each { |row, column, value| sheet[row, column] = value }
end
own.write("#{out}/ruby-spreadsheet-own.xls")
