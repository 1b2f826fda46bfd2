"""Draw the events of the pairs of classes that the best model of a sample mistakes most often."""

from runsieve.config.inputs import Input
from runsieve.config.report import Report
from runsieve.config.working_point import WorkingPoint
from runsieve.figures.described import Described
from runsieve.figures.style import save
from runsieve.job import job_log
from runsieve.reports.gallery import model_of_gallery
from runsieve.reports.mistaken import draw_mistaken, read_mistaken
from runsieve.samples.sample_files import open_sample
from runsieve.tables import write_csv


def main(job):
    with job_log(job.log[0]):
        params, classes = job.params, job.params.classes
        points = {name: WorkingPoint(**one) for name, one in params.working_points.items()}
        model = model_of_gallery(job.input.choice, params.inputs)
        scores = dict(zip(params.inputs, job.input.scores, strict=True))[model]
        inputs = {name: Input.model_validate(one) for name, one in params.inputs[model].items()}
        events, arrays = open_sample(job.input.events, job.input.arrays)
        report = Report.model_validate(params.report)
        table = read_mistaken(scores, events, classes, report, points, len(inputs))
        write_csv(table.assign(model=model), job.output.table)
        described = Described(f"{model} on {params.name}", params.titles, params.simulated)
        save(draw_mistaken(table, arrays, inputs, described), job.output.figures)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
