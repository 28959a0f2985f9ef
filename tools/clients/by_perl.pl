# Saves the return with Perl's libraries: perl by_perl.pl LIBRARY folder out
use strict;
use warnings;
use JSON::PP qw(decode_json);

my ($library, $folder, $out) = @ARGV;
open(my $file, '<:raw', "$folder/job.json") or die;
my $job = decode_json(do { local $/; <$file> });

sub own {    # a workbook of its own
    my ($book) = @_;
    for my $given (@{$job->{sheets}}) {
        my $sheet = $book->add_worksheet($given->{name});
        for my $cell (@{$given->{cells}}) {
            my ($row, $column, $value) = @$cell;
            $value =~ /^-?[0-9.]+$/
              ? $sheet->write_number($row, $column, $value)
              : $sheet->write_string($row, $column, $value);
        }
    }
    $book->close();
}

if ($library eq 'excel-writer-xlsx') {
    require Excel::Writer::XLSX;
    own(Excel::Writer::XLSX->new("$out/perl-excel-writer.xlsx"));
}
elsif ($library eq 'writeexcel') {
    require Spreadsheet::WriteExcel;
    own(Spreadsheet::WriteExcel->new("$out/perl-writeexcel.xls"));
}
elsif ($library eq 'saveparser') {    # loads, fills and saves
    require Spreadsheet::ParseExcel::SaveParser;
    my $book = Spreadsheet::ParseExcel::SaveParser->new()->Parse("$folder/template.xls");
    my %sheets = map { $_->get_name() => $_ } $book->worksheets();
    for my $cell (@{$job->{cells}}) {
        my $sheet = $sheets{$cell->{sheet}};
        my $old   = $sheet->get_cell($cell->{row}, $cell->{column});
        $sheet->AddCell($cell->{row}, $cell->{column}, $cell->{value}, $old ? $old->{FormatNo} : 0);
    }
    $book->SaveAs("$out/perl-saveparser.xls");
}
