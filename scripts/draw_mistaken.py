"""Draw the events of the pairs of classes that the best model of a sample mistakes most often."""

from runsieve.config.inputs import Input
from runsieve.config.report import Report
from runsieve.figures.described import Described
from runsieve.figures.style import save
from runsieve.job import job_log
from runsieve.reports.gallery import model_of_gallery
from runsieve.reports.mistaken import draw_mistaken, read_mistaken
from runsieve.samples.sample_files import open_sample
from runsieve.tables import write_csv


def main(job):
    with job_log(job.log[0]):
        params = job.params
        of_models = dict(zip(params.inputs, job.input.scores, strict=True))
        model = model_of_gallery(job.input.choice, of_models)
        inputs = {name: Input.model_validate(one) for name, one in params.inputs[model].items()}
        events, arrays = open_sample(job.input.events, job.input.arrays)
        about = params.classes, Report.model_validate(params.report), len(inputs)
        table = read_mistaken(of_models[model], events, *about)
        write_csv(table.assign(model=model), job.output.table)
        described = Described(f"{model} on {params.name}", params.titles, params.simulated)
        save(draw_mistaken(table, arrays, inputs, described), job.output.figures)


if __name__ == "__main__":
    main(snakemake)  # noqa: F821
